"""The contract: one document that tells every address, what it takes and what it answers (OpenAPI 3.1).

It is made from the handlers themselves. What their signatures do not say stands in their `opt`:

    scopes          the scopes of which a key needs one
    resource        the captured resource whose items are the body: one, an array or a stream of lines
    query           query parameters beside those of the signature, by name
    form            the model of the body, where it is one JSON object
    form_optional   the body may be left out
    answer          the type of the answer, where the annotation of the handler does not tell it
    media_types     what the answer comes as, where that is not JSON alone
    headers         what the headers of the answer say, by name; who sends its ETag back may be answered 304
    problems        kinds of problem that do not follow from all this
"""
