"""Who people are: the user model, login by phone and code, addresses, referral codes, the referrer, touches, visits."""
