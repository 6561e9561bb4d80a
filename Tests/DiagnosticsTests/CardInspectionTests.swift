import Diagnostics
import Testing
import Wire

@Suite struct CardInspectionTests {
    static let objects = "6F108408A000000333010101A50450025550" + "5A0862220212345678905F24033012319505000004E000"

    @Test func objectsHaveNames() throws {
        let text = try TLVInspection(Hex.decode(Self.objects)).text(reveal: false)
        for words in ["File Control Information", "Dedicated File", "Application Label", "on-line PIN entered"] {
            #expect(text.localizedCaseInsensitiveContainsASCII(words), "\(words) is missing")
        }
        #expect(text.contains("622202******7890"))
        #expect(!text.contains("6222021234567890"))
        #expect(try TLVInspection(Hex.decode(Self.objects)).text(reveal: true).contains("6222021234567890"))
    }

    @Test func objectsAsJSON() throws {
        let json = try TLVInspection(Hex.decode("6F045002" + "5550" + "5A021234")).json(reveal: false).text
        #expect(
            json
                == #"[{"tag":"6F","name":"File Control Information (FCI) Template","objects":[{"tag":"50","name":"Application Label","value":"5550"}]},{"tag":"5A","name":"Application Primary Account Number (PAN)","value":"****"}]"#
        )
    }

    @Test func field55ComesWithOrWithoutItsLength() throws {
        let plain = try TLVInspection(field55: Hex.decode("9F2701809A03261122"))
        let prefixed = try TLVInspection(field55: Hex.decode("00099F2701809A03261122"))
        #expect(plain.text(reveal: false) == prefixed.text(reveal: false))
        #expect(plain.text(reveal: false).contains("ARQC"))
    }

    @Test(arguments: ["9F", "9F2608", "6F025A08", "1F8101"])
    func brokenObjectsAreRefused(hex: String) throws {
        let bytes = try Hex.decode(hex)
        #expect(throws: WireError.self) { try TLVInspection(bytes) }
    }

    @Test(arguments: [
        ("00A404000E315041592E5359532E444446303100", "SELECT", "by name"),
        ("00B2010C00", "READ RECORD", "identifier 1"),
        ("80AE800002000000", "GENERATE AC", "ARQC"), ("80CA9F3600", "GET DATA", "Transaction Counter"),
        ("9000", "success", ""), ("6A82", "not found", ""), ("6C1D", "29 bytes", ""), ("63C2", "2 tries", ""),
        ("7007" + "5A0411112222" + "00" + "9000", "Primary Account Number", "********"),
        ("8006" + "7C0008010100" + "9000", "Response Message Template", "7C0008010100"),
    ])
    func commandsAndResponses(hex: String, words: String, more: String) throws {
        let inspection = try #require(APDUInspection(Hex.decode(hex)))
        let text = inspection.text(reveal: false)
        #expect(text.contains(words))
        #expect(text.contains(more))
        #expect(!inspection.json(reveal: false).text.isEmpty)
    }

    @Test func pinsAreNeverShownUnlessAsked() throws {
        let inspection = try #require(APDUInspection(Hex.decode("0020008008241234FFFFFFFFFF")))
        #expect(!inspection.text(reveal: false).contains("1234"))
        #expect(!inspection.json(reveal: false).text.contains("1234"))
        #expect(inspection.text(reveal: true).contains("241234"))
    }

    @Test(arguments: ["", "90", "0102", "00A40400FF00"])
    func whatIsNeitherIsRefused(hex: String) throws {
        #expect(APDUInspection(try Hex.decode(hex)) == nil)
    }
}

extension String {
    fileprivate func localizedCaseInsensitiveContainsASCII(_ other: String) -> Bool {
        lowercased().contains(other.lowercased())
    }
}
