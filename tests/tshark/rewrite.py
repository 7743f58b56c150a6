"""Rewrites a classic pcap file as bad networks and bad captures do: reordered, doubled, overlapping, with losses."""
import random
import struct


def read(path):
    data = open(path, "rb").read()
    packets, at = [], 24
    while at + 16 <= len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        packets.append(data[at + 16:at + 16 + length])
        at += 16 + length
    return data[:24], packets


def write(path, header, packets):
    with open(path, "wb") as out:
        out.write(header)
        for number, packet in enumerate(packets):
            out.write(struct.pack("<IIII", 1795176000 + number // 1000, number % 1000 * 1000, len(packet), len(packet)))
            out.write(packet)


def segment(packet):
    """(flow, sequence, offset of the payload, payload) of an Ethernet TCP packet, or None."""
    kind = struct.unpack_from(">H", packet, 12)[0]
    if kind == 0x0800 and packet[23] == 6:
        tcp = 14 + (packet[14] & 15) * 4
        end = 14 + struct.unpack_from(">H", packet, 16)[0]
        addresses = packet[26:34]
    elif kind == 0x86dd and packet[20] == 6:
        tcp = 54
        end = 54 + struct.unpack_from(">H", packet, 18)[0]
        addresses = packet[22:54]
    else:
        return None
    payload = tcp + (packet[tcp + 12] >> 4) * 4
    return addresses + packet[tcp:tcp + 4], struct.unpack_from(">I", packet, tcp + 4)[0], payload, packet[payload:end]


def with_payload(packet, sequence, payload, end=False):
    _, _, offset, old = segment(packet)
    head = bytearray(packet[:offset])
    ipv6 = struct.unpack_from(">H", packet, 12)[0] == 0x86dd
    where = 18 if ipv6 else 16
    struct.pack_into(">H", head, where, struct.unpack_from(">H", head, where)[0] - len(old) + len(payload))
    tcp = 54 if ipv6 else 14 + (packet[14] & 15) * 4
    struct.pack_into(">I", head, tcp + 4, sequence & 0xffffffff)
    if not end:
        head[tcp + 13] &= ~1  # FIN
    return bytes(head) + payload


def reorder(packets, distance=8):
    draw = random.Random(1)
    keyed = [(number + draw.random() * distance, packet) for number, packet in enumerate(packets)]
    return [packet for _, packet in sorted(keyed, key=lambda item: item[0])]


def double(packets):
    draw = random.Random(2)
    result = []
    for packet in packets:
        result.append(packet)
        if draw.random() < 0.5:
            result.append(draw.choice(result[-30:]))
    return result


def overlap(packets):
    """Before a segment that follows another one: one more, of the second half of that and the first half of this."""
    last, result = {}, []
    for packet in packets:
        found = segment(packet)
        if found and found[3]:
            flow, sequence, _, payload = found
            if flow in last and last[flow][0] + len(last[flow][1]) == sequence:
                before = last[flow][1]
                half = len(before) // 2
                result.append(with_payload(packet, sequence - (len(before) - half),
                                           before[half:] + payload[:len(payload) // 2]))
            last[flow] = (sequence, payload)
        result.append(packet)
    return result


def drop(packets, every=17):
    number, result = 0, []
    for packet in packets:
        found = segment(packet)
        if found and len(found[3]) > 1:
            number += 1
            if number % every == 0:
                continue
        result.append(packet)
    return result


def split(packets, size):
    """As if the maximum segment size had been tiny."""
    result = []
    for packet in packets:
        found = segment(packet)
        if not found or len(found[3]) <= size:
            result.append(packet)
            continue
        _, sequence, _, payload = found
        last = (len(payload) - 1) // size * size
        for at in range(0, last, size):
            result.append(with_payload(packet, sequence + at, payload[at:at + size]))
        result.append(with_payload(packet, sequence + last, payload[last:], end=True))
    return result
