"""The course in other languages: catalogues of its texts, and the documents that are built from them."""
