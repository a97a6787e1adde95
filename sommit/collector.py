"""Python's garbage collector, set so that few pages wait for it."""

import gc


def settle() -> None:
    """Leave what the application is made of out of every later collection, and collect less often than Python does.

    A page makes some ten thousand objects that it drops by itself; a look at all that lives takes as long as the page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
