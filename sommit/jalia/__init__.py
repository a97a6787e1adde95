"""The till: `client` asks, `payload` is what it says, `reading` is what one closing means. Knows nothing of ours."""
