// EMV
