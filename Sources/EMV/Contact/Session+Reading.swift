import Payments
import Wire

// Read application data (EMV 4.4 Book 3, 10.2).
extension Session {
    /// Reads the records that are left, then goes on to authenticate them.
    func readRecords(_ locations: [RecordLocation]) throws(KernelFailure) -> ContactKernel.Next {
        guard let next = locations.first else {
            var read = self
            try read.checkRecords()
            return try read.authenticateData()
        }
        return transmit(.readRecord(next.number, sfi: next.sfi), .record(locations))
    }

    mutating func receiveRecord(
        _ response: Response, _ locations: [RecordLocation]
    ) throws(KernelFailure) -> ContactKernel.Next {
        guard let location = locations.first else { return try readRecords([]) }
        guard response.status == .success else {
            throw KernelFailure(
                .badStatus, "READ RECORD \(location.number) of file \(location.sfi): \(response.status)",
                "Book 3, 10.2")
        }
        if location.sfi <= 10 {
            try keepRecord(response.data, location)
        } else if location.isAuthenticated {
            // Files 11–30 are the issuer's own; they only count as data to be authenticated (Book 3, 10.3).
            if response.data.first == UInt8(truncatingIfNeeded: TLV.Tag.record.rawValue) {
                staticData?.append(contentsOf: response.data)
            } else {
                staticData = nil
            }
        }
        return try readRecords(Array(locations.dropFirst()))
    }

    private mutating func keepRecord(_ bytes: [UInt8], _ location: RecordLocation) throws(KernelFailure) {
        guard let templates = try? TLV.parse(bytes), templates.count == 1, templates[0].tag == .record,
            let objects = try? templates[0].children()
        else {
            throw KernelFailure(
                .badData, "record \(location.number) of file \(location.sfi) is no template 70", "Book 3, 6.5.11.4")
        }
        for object in objects {
            guard card[object.tag] == nil || !Self.isFromRecord(object.tag) else {
                throw KernelFailure(.badData, "\(object.tag) occurs twice", "Book 3, 10.2")
            }
        }
        try storeAll(objects.filter { Self.isFromRecord($0.tag) }, clause: "Book 3, 10.2")
        if location.isAuthenticated { staticData?.append(contentsOf: templates[0].value) }
    }

    /// What SELECT and GENERATE AC answer counts, not what a record says of it.
    private static func isFromRecord(_ tag: TLV.Tag) -> Bool {
        let fromAnswers: [TLV.Tag] = [
            .dedicatedFileName, .applicationLabel, .preferredName, .languagePreference, .cryptogram,
            .cryptogramInformation, .atc, .issuerApplicationData, .signedDynamicData, .iccDynamicNumber,
            .dataAuthenticationCode,
        ]
        return !tag.isConstructed && !fromAnswers.contains(tag)
    }

    /// The objects without which there is no transaction (Book 3, 7.2 and 7.5).
    private mutating func checkRecords() throws(KernelFailure) {
        let clause = "Book 3, 7.2"
        for tag in [TLV.Tag.pan, .expirationDate, .cdol1, .cdol2] where card[tag] == nil {
            throw KernelFailure(.badData, "\(tag) is missing", clause)
        }
        guard let pan = PAN(Hex.encode(card[.pan] ?? [])) else {
            throw KernelFailure(.badData, "5A is no account number", clause)
        }
        guard let expiration = date(.expirationDate) else {
            throw KernelFailure(.badData, "5F24 is no date", clause)
        }
        let track2 = card[.track2].map { Track2(Hex.encode($0)) }
        if let track2, track2?.pan != pan { throw KernelFailure(.badData, "57 does not fit 5A", clause) }
        cardRead = CardRead(
            pan: pan, track2: track2 ?? nil,
            expiry: ExpiryDate(yearMonth: Digits.padded(expiration.year % 100, 2) + Digits.padded(expiration.month, 2)),
            sequenceNumber: sequenceNumber, application: application.application)
    }

    var sequenceNumber: Int? {
        card[.panSequenceNumber].flatMap { try? BCD.decode($0) }.flatMap { Int($0) }
    }

    /// A date of the card (`YYMMDD`), with the century of Book 3, 10.4.3; nil if absent or no date.
    func date(_ tag: TLV.Tag) -> CardDate? { card[tag].flatMap { CardDate($0) } }
}

/// A day as the card writes it: years 00–49 are 2000 to 2049, the others 1950 to 1999.
struct CardDate: Equatable, Comparable, Sendable {
    let year: Int
    let month: Int
    let day: Int

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 3, let digits = try? BCD.decode(bytes), let number = Int(digits) else { return nil }
        let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.year = year < 50 ? 2000 + year : 1900 + year
        self.month = month
        self.day = day
    }

    init(_ time: LocalDateTime) {
        year = time.year
        month = time.month
        day = time.day
    }

    static func < (left: CardDate, right: CardDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
