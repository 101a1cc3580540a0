"""axe-core on a page: what the course put there, apart from what JupyterLab did."""

from axe_playwright_python.sync_playwright import Axe

# Texts and outputs. Around them stand JupyterLab's own things: cells, prompts, editors and their buttons.
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")


def serious(page, *areas, rules=()):
    """Return the serious and critical findings in `areas`: (rule, how often, where the first one is) of each.

    Parameters
    ----------
    page : playwright Page
    areas : str
        CSS selectors.
    rules : sequence of str
        Names of the rules to apply; all where left out.
    """
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, context={"include": [[area] for area in areas]}, options=options).response["violations"]
    worst = [v for v in found if v["impact"] in ("serious", "critical")]
    return [(v["id"], len(v["nodes"]), v["nodes"][0]["html"][:200]) for v in worst]
