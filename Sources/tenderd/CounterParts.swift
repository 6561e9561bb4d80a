import DisplayDriver
import HAL
import Logging
import NetworkDriver
import PCSCDriver
import PrinterDriver
import SerialDriver
import SimulatedDevices
import SystemDriver
import Terminal
import USBDriver

/// Makes the devices of the counter from their configuration; none of them needs to be there.
struct CounterParts {
    private let settings: Configuration
    private let clock: SystemClock
    private let connector: TCPConnector
    private let logger: Logger
    /// The machine's USB; nil where no device of it is configured.
    private let bus: USBBus?

    /// Throws where a USB device is configured and the machine has no USB.
    init(_ settings: Configuration, _ clock: SystemClock, _ connector: TCPConnector, _ logger: Logger) throws {
        self.settings = settings
        self.clock = clock
        self.connector = connector
        self.logger = logger
        var path: String?
        if case .usb = settings.scanner?.place { path = "scanner.usb" }
        if case .usb = settings.printer?.place { path = "printer.usb" }
        do throws(DeviceError) {
            bus = path == nil ? nil : try USBBus()
        } catch {
            throw ConfigurationError(path ?? "", "this machine has no USB: \(error)")
        }
    }

    /// All devices.
    func devices() throws -> Devices {
        let bus = bus
        var pinPad: SimulatedPINPad?
        if case .simulated(let address) = settings.pinPad {
            pinPad = SimulatedPINPad(host: address.host, port: address.port, connector: connector, clock: clock)
        }
        return Devices(
            reader: try reader(settings.reader, "reader"),
            field: try settings.contactlessReader.map { try reader($0, "contactlessReader") }, pinPad: pinPad,
            display: pinPad, displays: try settings.displays.map(display), printer: try settings.printer.map(printer),
            scanner: try settings.scanner.map(scanner), unused: { UnusedDevices.candidates(on: bus) }, clock: clock,
            entropy: SystemEntropy())
    }

    private func reader(_ settings: ReaderSettings, _ path: String) throws -> any CardReader {
        switch settings {
        case .pcsc(let name): return PCSCReader(named: name, clock: clock)
        case .vpcd(let port):
            do throws(DeviceError) {
                let slot = try VPCDReader(port: UInt16(port), clock: clock)
                logger.info("simulated reader listens", metadata: ["reader": "\(path)", "port": "\(slot.port)"])
                return slot
            } catch {
                throw ConfigurationError("\(path).vpcd.port", "\(error)")
            }
        }
    }

    private func printer(_ settings: PrinterSettings) throws -> any ReceiptPrinter {
        let port: any PrinterPort
        switch settings.place {
        case .usb(let device):
            port = USBPrinterPort(on: try machineBus("printer.usb"), match: device, clock: clock)
        case .network(let address):
            port = NetworkPrinterPort(host: address.host, port: address.port, connector: connector, clock: clock)
        case .serial(let line): port = try serial(line, "printer.serial")
        }
        return ESCPOSPrinter(
            port: port, profile: settings.profile, clock: clock, changes: settings.changes.applied)
    }

    private func scanner(_ settings: ScannerSettings) throws -> any Scanner {
        let rules = settings.rules
        switch settings.place {
        case .usb(let device):
            return USBScanner(on: try machineBus("scanner.usb"), match: device, rules: rules, clock: clock)
        case .serial(let line):
            return SerialScanner(
                port: try serial(line, "scanner.serial"), name: line.path, rules: rules, clock: clock)
        }
    }

    private func display(_ settings: DisplaySettings) throws -> any CustomerDisplay {
        switch settings {
        case .console(let path): return ConsoleDisplay(path: path, clock: clock)
        case .network(let address):
            return NetworkDisplay(host: address.host, port: address.port, connector: connector, clock: clock)
        case .pole(let line, let isChinese):
            return PoleDisplay(
                port: try serial(line, "displays"), name: line.path, isChinese: isChinese, clock: clock)
        }
    }

    private func serial(_ line: SerialLineSettings, _ path: String) throws(ConfigurationError) -> SerialPort {
        do throws(DeviceError) {
            return try SerialPort(path: line.path, settings: line.settings, clock: clock)
        } catch {
            throw ConfigurationError(path, "\(error)")
        }
    }

    /// The machine's USB, opened for the first device of it.
    private func machineBus(_ path: String) throws(ConfigurationError) -> USBBus {
        guard let bus else { throw ConfigurationError(path, "this machine has no USB") }
        return bus
    }
}
