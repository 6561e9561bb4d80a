import Foundation
import HAL
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

    @Test func theHardwarePageNamesEveryProfile() throws {
        let page = try Document("hardware.md").text
        for profile in PrinterProfile.library { #expect(page.contains("`\(profile.name)`"), "\(profile.name)") }
    }

    /// The examples of the control API are answers that a client can read.
    @Test func theExamplesOfTheControlAPIAreReal() throws {
        func example<Value: Decodable>(_ section: String, _ type: Value.Type) throws -> Value {
            let text = try Document("control-api.md").section(section).block("json")
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        }
        let payment = try example("A payment", PaymentReport.self)
        #expect(payment.outcome == .approved && payment.milliseconds?.terminal == 25.341)
        #expect(try example("The status", TerminalStatus.self).devices.first?.role == "reader")
        #expect(try example("The queue", QueueReport.self).waiting.first?.kind == .offlineSale)
        #expect(try example("The parameters", ParametersReport.self).notes.first?.verdict == .refused)
        #expect(try example("A settlement", SettlementReport.self).totals.domestic.debit.amount == "100.00")
        #expect(try example("A step", StepReport.self).step == .authorizationSaved)
        #expect(try example("Operators", OperatorList.self).signedOn == .supervisor)
        #expect(try example("Devices", DevicesReport.self).devices.first?.role == .printer)
        #expect(try example("The printer", PrinterReport.self).text?.chinese == "打印机缺纸，请装纸")
        let scan = try example("A scan", ScanReport.self)
        #expect(scan == ScanReport(Scan(data: SecretBytes(Array("134512345678901234".utf8)), symbology: "]Q1")))
        let refusal = Refusal(.invalid, field: "amount", "must be more than zero")
        #expect(try example("Refusals", Refusal.self) == refusal)
    }
}
