public import EMV
public import Payments

extension Configuration {
    /// What the kernels are told of this terminal on the day of `time`: the configuration's own with what was downloaded in its
    /// place. A download that cannot be read counts as none.
    public func terminalData(with downloads: DownloadStore?, on time: LocalDateTime) -> TerminalData {
        let kept = Download.allCases.compactMap { try? downloads?.kept($0) }
        return TerminalParameters(configured: terminalData, downloaded: kept).data(on: time)
    }
}
