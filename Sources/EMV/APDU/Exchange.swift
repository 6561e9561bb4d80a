/// One command and the answer that may come in pieces: under T=0 the card announces more by `61xx` and another length
/// by `6Cxx` (EMV 4.4 Book 1, 9.3.1).
struct Exchange: Equatable, Sendable {
    /// What was sent last.
    let command: CommandAPDU
    private var collected: [UInt8] = []
    private var correctedLength = false

    init(_ command: CommandAPDU) { self.command = command }

    private init(_ command: CommandAPDU, collected: [UInt8], correctedLength: Bool) {
        self.command = command
        self.collected = collected
        self.correctedLength = correctedLength
    }

    enum Progress {
        case more(Exchange)
        case complete(Response)
    }

    /// Takes an answer. Throws if it is no answer, or if its pieces exceed 256 bytes.
    func receive(_ bytes: [UInt8]) throws(KernelFailure) -> Progress {
        guard let response = Response(bytes: bytes) else {
            throw KernelFailure(.badData, "an answer of \(bytes.count) bytes", "Book 3, 6.3.3")
        }
        let all = collected + response.data
        guard all.count <= 256 else {
            throw KernelFailure(.badData, "an answer of more than 256 bytes", "Book 3, 6.3.3")
        }
        switch response.status.sw1 {
        case 0x61:
            // A piece without data announcing more for ever would hold us up to the command limit; that is enough.
            return .more(
                Exchange(.getResponse(response.status.sw2), collected: all, correctedLength: correctedLength))
        case 0x6C where !correctedLength && command.expectedLength != nil:
            return .more(
                Exchange(command.expecting(response.status.sw2), collected: collected, correctedLength: true))
        default:
            return .complete(Response(all, response.status))
        }
    }
}
