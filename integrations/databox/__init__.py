"""Data boxes (ISDS): what is sent by them and when the law takes it for delivered."""
