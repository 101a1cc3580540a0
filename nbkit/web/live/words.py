"""What the browser edition's page says, and JupyterLab's settings, some of which say something as well."""

from nbkit.messages import _


def course():
    """Return the name of the course."""
    return _("How neural networks learn")


def words():
    """Return all that the page says, in the language that is spoken."""
    return {
        "course": course(),
        # while it loads
        "lab": _("JupyterLab is on its way"),
        "download": _("Download"),
        "coming": _("Python is on its way: {got} of {all} MB — you can read meanwhile"),
        "alone": _("Python is on its way: {all} MB — you can read meanwhile"),
        "starts": _("Python starts"),
        "ready": _("Python is ready"),
        "failed": _("The download stopped. What is open here can still be read."),
        "stopped": _("The download stopped. Perhaps the connection was lost."),
        "again": _("Try again"),
        "close": _("Close"),
        "read_it": _("Read the chapter"),
        # what a browser lacks
        "no_scripts": _("To run a chapter, JavaScript has to be on in this browser; it can be read without."),
        "old": _("Python cannot run in this browser: it is too old, or one of its settings keeps “WebAssembly” off. "
                 "The chapter can be read here, and runs in a newer browser."),
        "unsaved": _("This browser keeps nothing for this page, as in a private window: the chapter can be read, or "
                     "run without saving, and what you write is lost when the tab is closed."),
        "go_on": _("Run without saving"),
        "files_insecure": _("Python cannot see files here, because the address begins with http: progress() and files "
                            "of your own need https. Everything else works."),
        "files_private": _("Python cannot see files in this window, so progress() cannot read your notebooks; in an "
                           "ordinary window it can. Everything else works."),
        # copies
        "newer": _("The course has a newer version of “{chapter}”; you see yours."),
        "take_new": _("Take the new one"),
        "keep_mine": _("Keep mine"),
        "download_mine": _("Download mine"),
        "reset_title": _("Back to the course's version?"),
        "reset_text": _("Your answers and changes in “{chapter}” are lost in this browser, and Python starts anew."),
        "reset_do": _("Reset"),
        "cancel": _("Cancel"),
        "unreached": _("The course's version could not be downloaded, so nothing was changed."),
        "no_copies": _("There is nothing to download yet: in this browser no notebook has been run or changed."),
        "full": _("This browser has little room left for this page: download your notebooks before it is full."),
        "save_failed": _("“{name}” could not be saved in this browser. Download it, so that nothing is lost."),
        # the menu
        "menu": _("Course"),
        "download_this": _("Download this notebook"),
        "download_all": _("Download all my notebooks"),
        "zip": "my_notebooks.zip",  # in every language: by this name `nbkit report` knows it
        "reset": _("Reset this chapter to the course's version…"),
        "read": _("Read this chapter"),
        "about": _("About: sizes and licences"),
        "restart": _("Restart: also stops a cell that never ends"),
        "about_title": _("About this page"),
        "about_python": _("Python and its packages, {all} MB: your browser keeps them until they change."),
        "about_kept": _("Your notebooks stand in this browser alone: {kept} MB with all that it keeps for this site."),
        "about_private": _("All of it runs on your own machine. Nothing that you write is sent anywhere."),
        "licences": _("Licences"),
    }  # fmt: skip


def overrides(others=()):
    """Return JupyterLab's settings, as its overrides.json has them. They are defaults: what a learner chooses stays.

    Parameters
    ----------
    others : iterable of nbkit.languages.Language
        To which the menu leads.

    Returns
    -------
    dict
    """
    said = words()
    return {
        "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # light or dark as the system is
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/docmanager-extension:plugin": {
            "autosaveInterval": 10,  # seconds: a tab is closed sooner than a program
            "defaultViewers": {"markdown": "Markdown Preview"},
        },
        "@jupyterlab/filebrowser-extension:browser": {
            "showLastModifiedColumn": False,  # when the site was made
            "singleClickNavigation": True,  # as on a phone
        },
        "@jupyterlab/notebook-extension:tracker": {"kernelShutdown": True},  # with its notebook: each takes its memory
        "@jupyterlab/notebook-extension:panel": {"toolbar": [
            {"name": "interrupt", "disabled": True},
            {"name": "restart", "command": "notebook:restart-kernel", "rank": 31, "caption": said["restart"]},
        ]},
        "@jupyterlab/mainmenu-extension:plugin": {"menus": [
            {"id": "jp-mainmenu-kernel", "items": [
                {"command": "kernelmenu:interrupt", "disabled": True},
                {"command": "kernelmenu:restart", "disabled": True},
                {"command": "nbkit-live:restart", "rank": 0},
            ]},
            {"id": "jp-mainmenu-course", "label": said["menu"], "rank": 6, "items": [
                {"command": "nbkit-live:read", "rank": 1},
                *({"command": "nbkit-live:language", "args": {"tag": other.tag}, "rank": 1} for other in others),
                {"type": "separator", "rank": 2},
                {"command": "nbkit-live:download", "rank": 2},
                {"command": "nbkit-live:download-all", "rank": 2},
                {"type": "separator", "rank": 3},
                {"command": "nbkit-live:reset", "rank": 3},
                {"type": "separator", "rank": 4},
                {"command": "nbkit-live:about", "rank": 4},
            ]},
        ]},
    }  # fmt: skip
