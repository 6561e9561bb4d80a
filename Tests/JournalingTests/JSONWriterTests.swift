import Foundation
import Testing

@testable import Journaling

@Suite struct JSONWriterTests {
    enum Shape: Hashable, Codable, CaseIterable, Sendable {
        static let allCases: [Shape] = [
            .empty, .several("q\"\\/\u{0}\u{1F}\u{7F}é中", -5), .labelled(list: [], flag: nil),
            .labelled(list: [1, 2, 3], flag: true),
            .deep(Node(name: "", value: .max, children: [Node(name: "x", value: .min, children: []), nil])),
        ]
        case empty
        case several(String, Int8)
        case labelled(list: [UInt16], flag: Bool?)
        case deep(Node)
    }

    struct Node: Hashable, Codable, Sendable {
        let name: String
        let value: Int64
        let children: [Node?]
    }

    @Test(arguments: Shape.allCases)
    func whatIsWrittenIsReadAgain(shape: Shape) throws {
        let text = try JSONWriter.text(of: shape)
        #expect(try JSONDecoder().decode(Shape.self, from: Data(text.utf8)) == shape)
    }

    @Test func writesInTheOrderOfEncoding() throws {
        #expect(try JSONWriter.text(of: Shape.empty) == #"{"empty":{}}"#)
        #expect(try JSONWriter.text(of: Shape.several("a\n", 1)) == #"{"several":{"_0":"a\u000a","_1":1}}"#)
        #expect(
            try JSONWriter.text(of: Shape.labelled(list: [7, 8], flag: false))
                == #"{"labelled":{"list":[7,8],"flag":false}}"#)
        #expect(
            try JSONWriter.text(of: Node(name: "n", value: 0, children: [nil]))
                == #"{"name":"n","value":0,"children":[null]}"#)
    }

    @Test func floatingPointNumbersAreRefused() {
        #expect(throws: EncodingError.self) { try JSONWriter.text(of: [1.5]) }
    }
}
