"""The pages of cases: queues, the report form, the case with its steps."""
