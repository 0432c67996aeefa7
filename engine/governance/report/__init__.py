"""A record as a document: one content, written as HTML, PDF, XLSX, CSV, Markdown, or provenance for machines."""
