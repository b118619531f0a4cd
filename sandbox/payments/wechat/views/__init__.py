"""What people see of WeChat Pay: `paying` a merchant, and `taking` what a merchant transfers."""
