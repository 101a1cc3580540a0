"""axe-core on a page: what the course put there, apart from what JupyterLab did."""

from axe_playwright_python.sync_playwright import Axe

# Texts and outputs. Around them stand JupyterLab's own things: cells, prompts, editors and their buttons.
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")


def serious(page, *areas, but=(), rules=None):
    """Return the serious and critical findings: (rule, how often, where the first one is) of each.

    Parameters
    ----------
    page : playwright Page
    areas, but : str, sequence of str
        CSS selectors of what is looked at, or all of the page, and of what is left out.
    rules : dict, optional
        Names of rules, each with True or False: only these are applied, or all but these.
    """
    context = {"include": [[area] for area in areas]} if areas else {}
    context |= {"exclude": [[area] for area in but]} if but else {}
    # Without preload: axe would fetch style sheets, which a browser refuses for pages from a folder. And without a list
    # of all that is right, which takes longer to write down than to find.
    options = {"resultTypes": ["violations"], "preload": False}
    if rules:
        only = [name for name, applied in rules.items() if applied]
        options |= {"runOnly": only} if only else {"rules": {name: {"enabled": False} for name in rules}}
    found = Axe().run(page, context=context or None, options=options).response["violations"]
    worst = [v for v in found if v["impact"] in ("serious", "critical")]
    return [(v["id"], len(v["nodes"]), v["nodes"][0]["html"][:200]) for v in worst]
