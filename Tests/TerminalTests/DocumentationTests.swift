import Payments
import Testing

@testable import Terminal

/// The pages name what the code has: nothing left out, nothing that is no more.
@Suite struct DocumentationTests {
    @Test func theTechniciansPageExplainsEveryFailure() throws {
        let explained = try Document("technician.md").section("Reasons").firstColumn
        #expect(explained.sorted() == PaymentFailure.Reason.allCases.map(\.rawValue).sorted())
    }

    @Test func theTechniciansPageNamesEveryStepInItsOrder() throws {
        let named = try Document("technician.md").section("Steps").firstColumn
        #expect(named == Step.allCases.map(\.rawValue))
    }
}
