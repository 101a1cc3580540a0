"""What a hand does to the picture of a widget, as its page reports it; no browser is needed."""


def by_hand(explorer, *events, item=None):
    """Let the page report events, which concern `item` where they name no other; none may be refused."""
    for event in events:
        explorer.view._handle_custom_msg({"area": None, "item": item, **event}, [])
    assert explorer.message.value == ""
