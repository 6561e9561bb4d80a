import Payments
import Testing

@testable import Terminal

/// Every id goes through a path and comes back.
@Suite struct PathSegmentTests {
    @Test(arguments: [("R-1_2.3~", "R-1_2.3~"), ("a/b?c%d#e é", "a%2Fb%3Fc%25d%23e%20%C3%A9"), ("", "")])
    func encodesAndDecodes(text: String, segment: String) {
        #expect(PathSegment.encode(text) == segment)
        #expect(PathSegment.decode(segment) == text)
    }

    @Test func everyCharacterOfAnIDComesBack() {
        let visible = String(decoding: (0x21...0x7E).map { UInt8($0) }, as: UTF8.self)
        #expect(PathSegment.decode(PathSegment.encode(visible)) == visible)
        #expect(PathSegment.decode("%2f%2F") == "//")
    }

    @Test(arguments: ["%", "%2", "%G0", "a%", "%-1", "%FF", "%C3"])
    func whatIsNoEncodingIsNothing(segment: String) {
        #expect(PathSegment.decode(segment) == nil)
    }
}
