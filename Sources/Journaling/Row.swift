import PaymentCryptography
import Payments

/// A record as the file holds it.
struct Row: Equatable {
    let sequence: Int
    let time: String
    let kind: String
    let payload: String
    let pan: [UInt8]?
    let hash: [UInt8]
    let keys: Keys

    /// What a record is looked up by, taken from the record.
    struct Keys: Equatable {
        var request: String?
        var batch: Int?
        var stan: Int?
        var rrn: String?
        /// The payment that this one follows up.
        var original: String?
    }

    static let columns = "sequence, time, kind, payload, pan, hash, request, batch, stan, rrn, original"

    /// A row of a statement that selects `columns`.
    init(_ statement: Statement) {
        sequence = statement.integer(0)
        time = statement.text(1)
        kind = statement.text(2)
        payload = statement.text(3)
        pan = statement.isNull(4) ? nil : statement.bytes(4)
        hash = statement.bytes(5)
        keys = Keys(
            request: statement.isNull(6) ? nil : statement.text(6),
            batch: statement.isNull(7) ? nil : statement.integer(7),
            stan: statement.isNull(8) ? nil : statement.integer(8),
            rrn: statement.isNull(9) ? nil : statement.text(9),
            original: statement.isNull(10) ? nil : statement.text(10))
    }

    /// The row that follows `previous`.
    init(
        sequence: Int, time: String, kind: String, payload: String, pan: [UInt8]?, keys: Keys, after previous: [UInt8]
    ) throws(CryptographyError) {
        self.sequence = sequence
        self.time = time
        self.kind = kind
        self.payload = payload
        self.pan = pan
        self.keys = keys
        hash = try Self.hash(sequence: sequence, time: time, kind: kind, payload: payload, pan: pan, after: previous)
    }

    var values: [Value] {
        [
            .integer(sequence), .text(time), .text(kind), .text(payload), Value(pan), .blob(hash), Value(keys.request),
            Value(keys.batch), Value(keys.stan), Value(keys.rrn), Value(keys.original),
        ]
    }

    /// Whether it follows the row with the hash `previous` and is as it was written.
    func follows(_ previous: [UInt8]) throws(CryptographyError) -> Bool {
        try hash == Self.hash(sequence: sequence, time: time, kind: kind, payload: payload, pan: pan, after: previous)
    }

    /// The hash before the first record's.
    static let origin = [UInt8](repeating: 0, count: 32)

    /// SHA-256 over the hash before (32 bytes), the sequence (8), and time, kind, payload and sealed account number,
    /// each after its length (4; numbers big-endian). No account number counts as an empty one.
    private static func hash(
        sequence: Int, time: String, kind: String, payload: String, pan: [UInt8]?, after previous: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        var bytes = previous
        bytes.reserveCapacity(payload.utf8.count + 200)
        bytes.append(contentsOf: bigEndian(UInt64(bitPattern: Int64(sequence))))
        for part in [Array(time.utf8), Array(kind.utf8), Array(payload.utf8), pan ?? []] {
            bytes.append(contentsOf: bigEndian(UInt32(clamping: part.count)))
            bytes.append(contentsOf: part)
        }
        return try Digest.sha256(bytes)
    }
}

/// The bytes of `number`, most significant first.
func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

extension Record {
    /// What it is looked up by; `batch` is the one that runs. The record that moves the batch has the new one.
    func keys(in batch: BatchNumber) -> Row.Keys {
        switch self {
        case .accepted(let request):
            Row.Keys(request: request.id.rawValue, original: request.original?.id?.rawValue)
        case .authorization(let sent):
            Row.Keys(request: sent.request.id.rawValue, batch: sent.batch.value, stan: sent.stan.value)
        case .finished(let id, let outcome, _, let scriptNumber):
            Row.Keys(
                request: id.rawValue, batch: scriptNumber.map { _ in batch.value }, stan: scriptNumber?.value,
                rrn: outcome.reply?.rrn)
        case .storedAnswered(let id, let reply, _): Row.Keys(request: id.rawValue, rrn: reply.rrn)
        case .reversalAnswered, .storedLost, .scriptAnswered, .resolved: Row.Keys(request: id?.rawValue)
        case .signedIn(let batch): Row.Keys(batch: batch.value)
        case .settled(let batch): Row.Keys(batch: batch.next.value)
        case .numberUsed(let stan), .uploading(_, let stan): Row.Keys(batch: batch.value, stan: stan.value)
        case .settlementBegun(let begun): Row.Keys(batch: begun.batch.value, stan: begun.stan.value)
        case .signedOff, .downloaded, .acquirerTime, .settlementCompared, .uploadRefused, .started, .operatorActed,
            .clockMoved, .pruned:
            Row.Keys()
        }
    }
}
