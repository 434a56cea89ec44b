"""Forms: a JSON Schema and data in, a view, decoded answers and errors out. Pure."""

from forms.compile import Form, compile_form
from forms.errors import FormError, FormSchemaError, PostTooLarge
from forms.posted import FileRef
from forms.validate import FieldError

__all__ = ["FieldError", "FileRef", "Form", "FormError", "FormSchemaError", "PostTooLarge", "compile_form"]
