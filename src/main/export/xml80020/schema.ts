/**
 * The XML schema of 80020 and 80040, version 2, written from what files and receivers show (xml-80020.md 2 and 9). It holds the form
 * alone: how many half-hours a day has, what repeats and what agrees with the name of the file is for `check.ts`.
 */
import type { Decimals } from './round.ts';

/** `resources/80020/80020-v2.xsd` is this text for whole numbers. */
export function schemaText(decimals: Decimals): string {
  return SCHEMA.replace('VALUE_PATTERN', decimals === 0 ? '\\d{1,12}' : `\\d{1,12}(\\.\\d{1,${decimals}})?`);
}

const SCHEMA = `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified">
  <xs:element name="message">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="datetime" type="datetime"/>
        <xs:element name="sender" type="sender"/>
        <xs:element name="area" type="area" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="class" type="class" use="required"/>
      <xs:attribute name="version" type="version" use="required"/>
      <xs:attribute name="number" type="number" use="required"/>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="datetime">
    <xs:sequence>
      <xs:element name="timestamp" type="moment"/>
      <xs:element name="daylightsavingtime" type="season"/>
      <xs:element name="day" type="day"/>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="sender">
    <xs:all>
      <xs:element name="inn" type="taxNumber"/>
      <xs:element name="name" type="xs:string"/>
    </xs:all>
  </xs:complexType>

  <xs:complexType name="area">
    <xs:sequence>
      <xs:choice>
        <xs:sequence>
          <xs:element name="inn" type="areaCode"/>
          <xs:element name="name" type="xs:string"/>
        </xs:sequence>
        <xs:sequence>
          <xs:element name="name" type="xs:string"/>
          <xs:element name="inn" type="areaCode"/>
        </xs:sequence>
      </xs:choice>
      <xs:element name="measuringpoint" type="measuringPoint" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="timezone" type="timeZone"/>
  </xs:complexType>

  <xs:complexType name="measuringPoint">
    <xs:sequence>
      <xs:element name="measuringchannel" type="measuringChannel" maxOccurs="4"/>
    </xs:sequence>
    <xs:attribute name="code" type="pointCode" use="required"/>
    <xs:attribute name="name" type="xs:string" use="required"/>
  </xs:complexType>

  <xs:complexType name="measuringChannel">
    <xs:sequence>
      <xs:element name="period" type="period" minOccurs="46" maxOccurs="52"/>
    </xs:sequence>
    <xs:attribute name="code" type="channelCode" use="required"/>
    <xs:attribute name="desc" type="xs:string" use="required"/>
    <xs:attribute name="verbose" type="xs:string"/>
  </xs:complexType>

  <xs:complexType name="period">
    <xs:sequence>
      <xs:element name="value" type="value"/>
    </xs:sequence>
    <xs:attribute name="start" type="clock" use="required"/>
    <xs:attribute name="end" type="clock" use="required"/>
    <xs:attribute name="summer" type="summer"/>
  </xs:complexType>

  <xs:complexType name="value">
    <xs:simpleContent>
      <xs:extension base="energy">
        <xs:attribute name="status" type="status"/>
        <xs:attribute name="extendedstatus" type="digits"/>
        <xs:attribute name="param1" type="xs:string"/>
        <xs:attribute name="param2" type="xs:string"/>
        <xs:attribute name="param3" type="xs:string"/>
        <xs:attribute name="errofmeasuring" type="xs:string"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <xs:simpleType name="energy">
    <xs:restriction base="xs:string"><xs:pattern value="VALUE_PATTERN"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="class">
    <xs:restriction base="xs:string"><xs:enumeration value="80020"/><xs:enumeration value="80040"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="version">
    <xs:restriction base="xs:string"><xs:enumeration value="2"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="number">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{1,15}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="moment">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])([01]\\d|2[0-3])[0-5]\\d[0-5]\\d"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="day">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="season">
    <xs:restriction base="xs:string"><xs:pattern value="[0-2]"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="clock">
    <xs:restriction base="xs:string"><xs:pattern value="([01]\\d|2[0-3])(00|30)"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="summer">
    <xs:restriction base="xs:string"><xs:pattern value="[01]"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="status">
    <xs:restriction base="xs:string"><xs:pattern value="[01]"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="timeZone">
    <xs:restriction base="xs:string"><xs:pattern value="[13]"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="taxNumber">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{10}(\\d{2})?"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="areaCode">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{10}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="pointCode">
    <xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="21"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="channelCode">
    <xs:restriction base="xs:string"><xs:pattern value="0[1-4]"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="digits">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{1,6}"/></xs:restriction>
  </xs:simpleType>
</xs:schema>
`;
