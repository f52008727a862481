"""Ways to the database and to brokers that only the hot path takes."""
