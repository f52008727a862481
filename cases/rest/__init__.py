"""Cases over HTTP, for programs and for the phones of those outside."""
