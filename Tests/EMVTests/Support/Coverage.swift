import FoundationEssentials
import Testing

/// A case of a test's table that shows one requirement of the books.
protocol CoveredCase: Sendable {
    /// Where the books say so: `Book 3, 10.2`.
    var clause: String { get }
    /// What this case shows, in our own words.
    var requirement: String { get }
}

/// What docs/emv-coverage.md lists: it is made from the very tables that the tests run over.
enum Coverage {
    /// One test and the table of its arguments.
    struct Group: Sendable {
        let suite: String
        let test: String
        let cases: [any CoveredCase]

        init(_ suite: String, _ test: String, _ cases: [any CoveredCase]) {
            self.suite = suite
            self.test = test
            self.cases = cases
        }
    }

    /// A part of the books.
    struct Section: Sendable {
        let title: String
        let groups: [Group]

        init(_ title: String, _ groups: [Group]) {
            self.title = title
            self.groups = groups
        }

        var cases: [any CoveredCase] { groups.flatMap(\.cases) }
    }

    /// Every section, each in a file of its own in Coverage/.
    static let sections = [
        transport, selection, initiation, reading, dataAuthentication, restrictions, cardholderVerification,
        riskManagement, actionAnalysis, online, scripts, completion, terminalData, entryPoint, kernelC7, kernelC3,
        kernelC2,
        robustness,
    ]
}

@Suite struct CoverageTests {
    /// The least number of cases that must be there.
    static let leastCases = 400

    static let introduction = """
        # EMV: what is covered

        One line for each case: the clause of EMV 4.4 (Books 1 to 4) or EMV Contactless (Books A, B and C) it shows, the requirement in our
        own words, and the test that runs it. The tables below are the tests' own: `CoverageTests` compares this document with them, and
        `RECORD=1` in the environment writes it anew. All tests stand in `Tests/EMVTests`.
        """

    static var document: String {
        let total = Coverage.sections.map(\.cases.count).reduce(0, +)
        var text = introduction + "\n\n\(total) cases.\n"
        for section in Coverage.sections where !section.cases.isEmpty {
            text += "\n## \(section.title) (\(section.cases.count))\n\n| clause | requirement | test |\n|---|---|---|\n"
            for group in section.groups {
                for row in group.cases {
                    text += "| \(row.clause) | \(row.requirement) | `\(group.suite)`: \(group.test) |\n"
                }
            }
        }
        return text
    }

    static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        .joined(separator: "/")

    @Test func `The document lists every case of the tables`() throws {
        let path = Self.folder + "/../../docs/emv-coverage.md"
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Self.document.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.document)
        #expect(Coverage.sections.map(\.cases.count).reduce(0, +) >= Self.leastCases)
    }

    @Test(arguments: Coverage.sections.indices)
    func `Each case is one line, says something of its own, and names a test that exists`(index: Int) throws {
        let section = Coverage.sections[index]
        var seen: Set<String> = []
        for group in section.groups {
            let source = try String(contentsOfFile: "\(Self.folder)/\(group.suite).swift", encoding: .utf8)
            #expect(source.contains("func `\(group.test)`"), "\(group.suite): \(group.test)")
            for row in group.cases {
                #expect(seen.insert(row.requirement).inserted, "twice: \(row.requirement)")
                #expect(row.clause.hasPrefix("Book "), "\(row.clause)")
                #expect(!row.requirement.isEmpty && !row.requirement.contains { $0 == "|" || $0 == "\n" })
            }
        }
    }
}
