"""Markdown as HTML that needs nothing from outside: formulas as MathML, links as the site has them."""

import re

from math_core import LatexError, LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.filter import Filter
from pygments.filters import TokenMergeFilter
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Name, Operator, Punctuation, Text, Whitespace

from nbkit.languages import ENGLISH, LANGUAGES
from nbkit.messages import HAN, _, spoken

FORMULAS = LatexToMathML(fancy_error=False)
PARTS = re.compile(r"(\n{2,}|<!--.*?-->\n?)")  # of Markdown: its paragraphs, and what stands between them
NAMES = "|".join(language.name for language in LANGUAGES)
OTHER_LANGUAGE = rf"[^\n\[\]]*\[(?:{NAMES})\]\([^\s()]*\)[^\n\[\]]*"  # one line whose only link is a language
BADGES = r"(?:\[?!\[[^\]]*\]\(https?:[^)]*\)(?:\]\([^)]*\))?\s*)+"  # pictures from the web, and nothing else
LEFT_OUT = re.compile(f"{OTHER_LANGUAGE}|{BADGES}")
UNCOLOURED = {Name, Name.Builtin.Pseudo, Operator, Punctuation, Whitespace}  # more than half of all tokens


def to_html(markdown, folder, follow, attachments=None):
    """Return Markdown as HTML: with the pictures of a folder or of its cell, and with what `follow` makes of links.

    Where that is an empty address, the words of the link stay. Two kinds of paragraphs are left out: the one that leads
    to another language, for which each page has its switch, and badges.
    """
    markdown = "".join(part for part in PARTS.split(markdown) if not LEFT_OUT.fullmatch(part.strip()))
    renderer = Renderer(escape=False, embed_images=True, path=str(folder), attachments=attachments)
    renderer.follow = follow
    return MarkdownWithMath(renderer=renderer).render(markdown)


def first_paragraph(html):
    """Return what stands in the first paragraph with words, or nothing."""
    found = re.findall(r"<p>(.*?)</p>", html, re.DOTALL)
    return next((text for text in found if re.sub("<[^>]*>", "", text).strip()), "")


def captioned(html, caption):
    """Return what stands in a notebook with another caption, of HTML, where it has one, as a widget's picture does."""
    return re.sub("(<figcaption[^>]*>).*?</figcaption>", lambda found: f"{found[1]}{caption}</figcaption>", html)


def code(source):
    """Return Python source as HTML, with classes for the words that have a colour of their own."""
    lexer = PythonLexer()
    lexer.add_filter(Colours())
    lexer.add_filter(TokenMergeFilter())
    return highlight(source, lexer, HtmlFormatter())


class Colours(Filter):
    """Makes plain text of what has no colour: a page with half as many elements is read out and searched sooner."""

    def filter(self, lexer, stream):
        for kind, text in stream:
            yield (Text if kind in UNCOLOURED else kind), text


class Renderer(IPythonRenderer):
    """Writes the parts of a Markdown text; `follow` gives the new address of a link."""

    def link(self, text, url, title=None):
        address = self.follow(url)
        return super().link(text, address, title) if address else text

    def emphasis(self, text):
        if spoken() == ENGLISH or HAN.search(text):
            return super().emphasis(text)
        return f'<em lang="en">{text}</em>'  # letters lean also on a Chinese page

    def image(self, text, url, title=None):
        if url.startswith(("http:", "https:")):
            return text  # a page loads no picture from the internet
        embedded = self._embed_image_or_attachment(url)
        if not embedded.startswith("data:"):
            raise ValueError(_("there is no picture {url} in {folder}").format(url=url, folder=self.path))
        return super().image(text, embedded, title)

    def block_code(self, text, info=None):
        return code(text) if info == "python" else super().block_code(text, info)

    def inline_math(self, body):
        return _formula(body, block=False)

    def block_math(self, body):
        # Focus, so that a formula that is wider than the page can be scrolled with the keyboard.
        return f'<div class="formula" tabindex="0" role="math">{_formula(body, block=True)}</div>'

    def table(self, text):
        label = _("Table")
        return f'<div class="wide" tabindex="0" role="group" aria-label="{label}"><table>\n{text}</table></div>\n'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def _formula(latex, block):
    try:
        return FORMULAS.convert_with_local_state(latex.strip(), displaystyle=block)
    except LatexError as error:
        raise ValueError(_("cannot read the formula {latex}: {why}").format(latex=latex.strip(), why=error)) from None
