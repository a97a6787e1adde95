"""The word lists, as somebody behind a bar may mend them."""

from sommit.matching.lexicon import lexicon, table
from sommit.matching.text import fold


def test_no_abbreviation_stands_for_nothing():
    assert [short for short, meanings in lexicon().meanings.items() if not all(meanings)] == []


def test_every_word_stands_in_one_group_of_same_spellings_only():
    groups = table("same")["groups"]
    assert len({word for group in groups for word in group}) == sum(map(len, groups))


def test_the_words_of_the_lists_are_written_without_accents():
    lists = [*lexicon().counts_as, *lexicon().small, *lexicon().not_drinks, *lexicon().said_kinds]
    assert [word for word in lists if fold(word) != word] == []


def test_food_and_till_words_are_no_common_words_of_drinks():
    assert sorted(set(lexicon().not_drinks) & set(lexicon().counts_as)) == []
