// PaymentCryptography
