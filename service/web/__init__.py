"""What the API and the pages share: the request, who sent it, and the services a handler works with."""
