import ISO8583
import Payments

extension AcquirerHost {
    /// Management (0800, 0820), by 60.3. What a demand asked for is done once its last message is answered with 00.
    func manage(_ answer: inout HostAnswer, _ state: inout State) {
        guard let type = answer.type, type.kind == "00", let function = type.function, !answer.request.has(64) else {
            answer.code = "12"
            return
        }
        switch (answer.request.mti, function) {
        case (0x0800, "001"), (0x0800, "003"), (0x0800, "004"), (0x0800, "005"), (0x0800, "006"):
            signIn(&answer, type, &state)
        case (0x0820, "002"): signOff(&answer, &state)
        case (0x0820, "301"): break
        case (0x0820, "362"): takeStatus(&answer, &state)
        case (0x0800, "360"), (0x0820, "372"), (0x0800, "370"), (0x0820, "382"), (0x0800, "380"), (0x0800, "394"),
            (0x0800, "390"):
            download(function, &answer, state.downloads)
        case (0x0800, "371"), (0x0800, "381"), (0x0800, "395"), (0x0800, "391"):
            if answer.request.has(62) { answer.code = "30" }
        default: answer.code = "12"
        }
        if answer.code == "00" { state.demands.removeAll { $0.fulfilment.contains(function) } }
    }

    /// Sign-off: the working keys are worth nothing from now on.
    private func signOff(_ answer: inout HostAnswer, _ state: inout State) {
        if answer.request.has(11) { state.session = nil } else { answer.code = "30" }
    }

    /// Status upload: values and parameters, nothing else.
    private func takeStatus(_ answer: inout HostAnswer, _ state: inout State) {
        let lengths = CodedValues.status.merging(CodedValues.parameters) { first, _ in first }
        guard let bytes = answer.request.bytes(62), !bytes.isEmpty,
            let report = try? CodedValues(decoding: bytes, lengths: lengths), report.rest.isEmpty
        else {
            answer.code = "30"
            return
        }
        state.statusReports.append(report)
    }
}

extension Header.ProcessingRequirement {
    /// 60.3 of the last message of what it asks for.
    fileprivate var fulfilment: [String] {
        switch self {
        case .downloadParameters: ["360"]
        case .uploadStatus: ["362"]
        case .signIn: ["001", "003", "004", "005", "006"]
        case .updateKeys: ["371"]
        case .updateApplications: ["381"]
        case .downloadBlacklist: ["391"]
        case .downloadContactless: ["395"]
        default: []
        }
    }
}
