import EMV
import PaymentCryptography
import Testing
import Wire

@Suite struct CAPublicKeyTests {
    /// Published keys: RID, index, exponent, modulus, SHA-1 of all four.
    static let published: [(rid: String, index: UInt8, exponent: Int, modulus: [String], checksum: String)] = [
        (
            "A000000003", 0x01, 3,
            [
                "C696034213D7D8546984579D1D0F0EA519CFF8DEFFC429354CF3A871A6F7183F1228DA5C7470C055387100CB935A712C",
                "4E2864DF5D64BA93FE7E63E71F25B1E5F5298575EBE1C63AA617706917911DC2A75AC28B251C7EF40F2365912490B939",
                "BCA2124A30A28F54402C34AECA331AB67E1E79B285DD5771B5D9FF79EA630B75",
            ], "D34A6A776011C7E7CE3AEC5F03AD2F8CFC5503CC"
        ),
        (
            "A000000333", 0x08, 3,
            [
                "B61645EDFD5498FB246444037A0FA18C0F101EBD8EFA54573CE6E6A7FBF63ED21D66340852B0211CF5EEF6A1CD989F66",
                "AF21A8EB19DBD8DBC3706D135363A0D683D046304F5A836BC1BC632821AFE7A2F75DA3C50AC74C545A75456220413716",
                "9663CFCC0B06E67E2109EBA41BC67FF20CC8AC80D7B6EE1A95465B3B2657533EA56D92D539E5064360EA4850FED2D1BF",
            ], "EE23B616C95C02652AD18860E48787C079E8E85A"
        ),
        (
            "A000000333", 0x80, 65537,
            [
                "CCDBA686E2EFB84CE2EA01209EEB53BEF21AB6D353274FF8391D7035D76E2156CAEDD07510E07DAFCACABB7CCB0950BA",
                "2F0A3CEC313C52EE6CD09EF00401A3D6CC5F68CA5FCD0AC6132141FAFD1CFA36A2692D02DDC27EDA4CD5BEA6FF21913B",
                "513CE78BF33E6877AA5B605BC69A534F3777CBED6376BA649C72516A7E16AF85",
            ], "A5E44BB0E1FA4F96A11709186670D0835057D35E"
        ),
    ]

    @Test(arguments: 0..<published.count)
    func `Published keys load, and a changed byte is refused`(row: Int) throws {
        let key = Self.published[row]
        let (rid, modulus) = (try Hex.decode(key.rid), try Hex.decode(key.modulus.joined()))
        let checksum = try Hex.decode(key.checksum)
        let load = { (index: UInt8, modulus: [UInt8], exponent: Int, rid: [UInt8]) throws(CAPublicKeyError) in
            try CAPublicKey(rid: rid, index: index, modulus: modulus, exponent: exponent, checksum: checksum)
        }
        #expect(try load(key.index, modulus, key.exponent, rid).key.modulus == modulus)
        #expect(throws: CAPublicKeyError.wrongChecksum) { try load(key.index ^ 1, modulus, key.exponent, rid) }
        var changed = modulus
        changed[20] ^= 0x40
        #expect(throws: CAPublicKeyError.wrongChecksum) { try load(key.index, changed, key.exponent, rid) }
        #expect(throws: CAPublicKeyError.invalidExponent) { try load(key.index, modulus, 17, rid) }
        #expect(throws: CAPublicKeyError.invalidRID) { try load(key.index, modulus, key.exponent, rid + [0]) }
        #expect(throws: CAPublicKeyError.invalidModulus) { try load(key.index, [1, 2, 3], key.exponent, rid) }
        #expect(throws: CAPublicKeyError.invalidModulus) {
            try load(key.index, modulus + [UInt8](repeating: 1, count: 249 - modulus.count), key.exponent, rid)
        }
    }
}
