import EMV

/// A revoked issuer certificate as the configuration says it.
struct RevocationSettings: Decodable {
    let certificate: RevokedCertificate

    private enum CodingKeys: String, CodingKey {
        case rid, index, serialNumber
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        certificate = RevokedCertificate(
            rid: try container.hex(.rid, 5...5), index: try container.hex(.index, 1...1)[0],
            serialNumber: try container.hex(.serialNumber, 3...3))
    }
}
