"""A Django application with ten tasks of django-viewflow; part of `make bench`, in an environment of its own."""
