"""The portal: what an applicant sees. Works without an account and without JavaScript."""
