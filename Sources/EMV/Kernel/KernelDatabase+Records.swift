import Payments
import Wire

// The card's records (EMV 4.4 Book 3, 10.2).
extension KernelDatabase {
    /// Takes the answer to READ RECORD. `signed`: whether the card's dynamic signature may stand in a record, as contactless
    /// cards write it (EMV Contactless Book C-3, 5.6).
    mutating func receiveRecord(
        _ response: Response, _ location: RecordLocation, signed: Bool = false
    ) throws(KernelFailure) {
        guard response.status == .success else {
            throw KernelFailure(
                .badStatus, "READ RECORD \(location.number) of file \(location.sfi): \(response.status)",
                "Book 3, 10.2")
        }
        if location.sfi <= 10 {
            try keepRecord(response.data, location, signed)
        } else if location.isAuthenticated {
            // Files 11–30 are the issuer's own; they only count as data to be authenticated (Book 3, 10.3).
            if response.data.first == UInt8(truncatingIfNeeded: TLV.Tag.record.rawValue) {
                staticData?.append(contentsOf: response.data)
            } else {
                staticData = nil
            }
        }
    }

    /// Keeps the objects of a record of files 1–10, and its contents as data to be authenticated.
    private mutating func keepRecord(
        _ bytes: [UInt8], _ location: RecordLocation, _ signed: Bool
    ) throws(KernelFailure) {
        let isKept = { (tag: TLV.Tag) in Self.isFromRecord(tag) || signed && tag == .signedDynamicData }
        guard let templates = try? TLV.parse(bytes), templates.count == 1, templates[0].tag == .record,
            let objects = try? templates[0].children()
        else {
            throw KernelFailure(
                .badData, "record \(location.number) of file \(location.sfi) is no template 70", "Book 3, 6.5.11.4")
        }
        for object in objects {
            guard card[object.tag] == nil || !isKept(object.tag) else {
                throw KernelFailure(.badData, "\(object.tag) occurs twice", "Book 3, 10.2")
            }
        }
        try storeAll(objects.filter { isKept($0.tag) }, clause: "Book 3, 10.2")
        if location.isAuthenticated { staticData?.append(contentsOf: templates[0].value) }
    }

    /// What SELECT and GENERATE AC answer counts, not what a record says of it.
    private static func isFromRecord(_ tag: TLV.Tag) -> Bool {
        let fromAnswers: [TLV.Tag] = [
            .dedicatedFileName, .applicationLabel, .preferredName, .languagePreference, .pdol, .cryptogram,
            .cryptogramInformation, .atc, .issuerApplicationData, .signedDynamicData, .iccDynamicNumber,
            .dataAuthenticationCode,
        ]
        return !tag.isConstructed && !fromAnswers.contains(tag)
    }

    /// Checks the objects that a kernel cannot do without (Book 3, 7.2 and 7.5), and puts together the card as it was read.
    mutating func checkRecords(requiring mandatory: [TLV.Tag]) throws(KernelFailure) {
        let clause = "Book 3, 7.2"
        for tag in mandatory where card[tag] == nil {
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
