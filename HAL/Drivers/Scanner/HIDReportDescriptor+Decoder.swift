public import HAL

extension HIDReportDescriptor {
    /// What makes scans of the reports of this interface: a bar code scanner's, or else a keyboard's in report protocol; nil
    /// if it is neither. Throws where it is one but its descriptor tells no usable layout.
    public func scanDecoder(rules: ScanRules) throws(HIDDescriptorError) -> (any ScanDecoder)? {
        if applications.contains(.barCodeScanner) { return HIDPOSDecoder(try HIDPOSLayout(self)) }
        if applications.contains(.keyboard) { return HIDKeyboardDecoder(try HIDKeyboardLayout(self), rules: rules) }
        return nil
    }
}
