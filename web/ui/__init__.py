"""What all pages share: templates, style, icons, words."""
