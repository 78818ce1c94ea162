"""The service: captures what dialers, CRM and marketing send, and answers reports over it."""
