"""``gpt41calc preflight``: will the API accept it."""
