"""The API document (OpenAPI 3.1): every address, what it takes and what it answers, made from the handlers themselves.

What a handler's signature does not state stands in its RouteOptions.
"""
