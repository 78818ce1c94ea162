"""HTTP code that API and pages share: requests, parameters, bodies, answers, and the services they call."""
