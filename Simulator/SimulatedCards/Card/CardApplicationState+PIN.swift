import EMV
import PaymentCryptography

/// The PIN that the card checks (EMV 4.4 Book 2, 7; Book 3, 6.5.12).
extension CardApplicationState {
    /// GET CHALLENGE: eight random bytes, which an enciphered PIN must repeat.
    mutating func getChallenge(_ command: CommandAPDU, random: inout SeededBytes) -> Response {
        guard command.p1 == 0, command.p2 == 0, command.data.isEmpty else { return Response([], .wrongParameters) }
        payment.challenge = random.next(8)
        return Response(payment.challenge)
    }

    /// VERIFY with a PIN in the clear or enciphered.
    mutating func verify(_ command: CommandAPDU) -> Response {
        let block: [UInt8]?
        switch (command.p1, command.p2) {
        case (0x00, 0x80):
            guard command.data.count == 8 else { return Response([], .wrongLength) }
            block = command.data
        case (0x00, 0x88):
            guard let pinKey else { return Response([], .conditionsNotSatisfied) }
            guard command.data.count == pinKey.publicKey.modulus.count else { return Response([], .wrongLength) }
            block = decipher(command.data, pinKey)
        default: return Response([], .wrongParameters)
        }
        // A challenge is good for one command.
        payment.challenge = []
        guard pin.triesLeft > 0 else { return Response([], .methodBlocked) }
        // What cannot be deciphered costs no try (Book 2, 7.2).
        guard let block else { return Response([], .conditionsNotSatisfied) }
        payment.pinWasChecked = true
        payment.pinFailed = !pin.verify(block)
        return payment.pinFailed ? Response([], .triesLeft(pin.triesLeft)) : Response()
    }

    /// The block in an enciphered PIN: header 7F, the block, the card's challenge, padding.
    private func decipher(_ data: [UInt8], _ key: RSAPrivateKey) -> [UInt8]? {
        guard payment.challenge.count == 8, let clear = try? key.sign(data), clear.first == 0x7F,
            clear[9..<17].elementsEqual(payment.challenge)
        else { return nil }
        return Array(clear[1..<9])
    }
}
