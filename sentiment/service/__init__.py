"""A classifier as a small HTTP service: predictions, explanations, pages (the extra ``serve``).

    requests     what a request says: texts, within bounds
    answers      what a model answers to it: JSON, or a page
    worker       a process that has the model and answers
    engines      who answers: this process, or workers that can be ended
    application  routes and guards (Starlette)
    openapi      the description of the routes
    form         the page at /
    server       a socket, a server (uvicorn), an orderly end

The process that listens only frames HTTP: what a client sends is parsed by the workers, so that
whatever takes too long there is ended with its worker, and holds up nobody else. No text is logged,
cached or written.
"""
