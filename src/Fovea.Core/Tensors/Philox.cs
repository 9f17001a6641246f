using System.Runtime.Intrinsics;

namespace Fovea.Tensors;

/// <summary>Philox4x32-10 (Salmon et al. 2011, «Parallel Random Numbers: As Easy as 1, 2, 3»): a generator without state.</summary>
/// <remarks>
/// Every draw is a function of a key and a counter, so a result depends neither on the number of threads nor on where a run was
/// interrupted. The key is the seed; the counter tells what the numbers are for, and which. What they are for is a purpose with a name
/// (<see cref="Stream(string, string)"/>: training and a node, data and a transform) and then a step, or an epoch and a sample
/// (<see cref="Stream(ulong, ulong)"/>), so that whatever else draws changes nothing.
/// </remarks>
public readonly struct Philox
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _stream0;
    private readonly uint _stream1;

    /// <summary>The generator of one stream.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">What the numbers are for; streams of one seed are independent.</param>
    public Philox(ulong seed, ulong stream)
    {
        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
        (_stream0, _stream1) = ((uint)stream, (uint)(stream >> 32));
    }

    /// <summary>The stream of a name within a purpose, as in <c>Stream("data", "random_erasing")</c>.</summary>
    public static ulong Stream(string purpose, string name) => Stream(Hash(purpose), Hash(name));

    /// <summary>Mixes two numbers into the name of a stream, as in <c>Stream(epoch, sample)</c>.</summary>
    public static ulong Stream(ulong first, ulong second)
    {
        var (x0, x1, _, _) = new Philox(first, second).Block(0x53747265616D);
        return x0 | ((ulong)x1 << 32);
    }

    /// <summary>64-bit FNV-1a of the UTF-8 bytes of a name.</summary>
    public static ulong Hash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }

    /// <summary>The four 32-bit numbers at <paramref name="index"/>.</summary>
    public (uint X0, uint X1, uint X2, uint X3) Block(ulong index)
    {
        var (c0, c1, c2, c3) = ((uint)index, (uint)(index >> 32), _stream0, _stream1);
        var (k0, k1) = (_key0, _key1);
        for (var round = 0; round < 10; round++)
        {
            var p0 = (ulong)c0 * 0xD2511F53;
            var p1 = (ulong)c2 * 0xCD9E8D57;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Sixteen blocks from <paramref name="first"/> on: lane l of vector j is number j of block first + l.</summary>
    public (Vector512<uint> X0, Vector512<uint> X1, Vector512<uint> X2, Vector512<uint> X3) Blocks(ulong first)
    {
        var start = Vector512.Create((uint)first);
        var c0 = start + Vector512<uint>.Indices;
        var c1 = Vector512.Create((uint)(first >> 32)) - Vector512.LessThan(c0, start);
        var (c2, c3) = (Vector512.Create(_stream0), Vector512.Create(_stream1));
        var (k0, k1) = (_key0, _key1);
        for (var round = 0; round < 10; round++)
        {
            var (low0, high0) = Multiply(c0, 0xD2511F53);
            var (low1, high1) = Multiply(c2, 0xCD9E8D57);
            (c0, c1, c2, c3) = (high1 ^ c1 ^ Vector512.Create(k0), low1, high0 ^ c3 ^ Vector512.Create(k1), low0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>The lower and the upper halves of products, of the even lanes and of the odd ones.</summary>
    private static (Vector512<uint> Low, Vector512<uint> High) Multiply(Vector512<uint> x, uint factor)
    {
        var (lower, wide) = (Vector512.Create(0xFFFF_FFFFUL), Vector512.Create((ulong)factor));
        var even = (x.AsUInt64() & lower) * wide;
        var odd = (x.AsUInt64() >>> 32) * wide;
        return (((even & lower) | (odd << 32)).AsUInt32(), ((even >>> 32) | (odd & ~lower)).AsUInt32());
    }

    /// <summary>The 32-bit number at <paramref name="index"/>.</summary>
    public uint Bits(ulong index)
    {
        var (x0, x1, x2, x3) = Block(index >> 2);
        return (index & 3) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>The number at <paramref name="index"/>, uniform in [0, 1) with 24 bits, exact in float32.</summary>
    public double Uniform(ulong index) => ToUniform(Bits(index));

    /// <summary>The integer at <paramref name="index"/>, uniform in [0, <paramref name="bound"/>).</summary>
    public int Integer(ulong index, int bound) => ToInteger(Bits(index), bound);

    /// <summary>What 32 random bits make in [0, 1): 24 of them, exact in float32.</summary>
    public static double ToUniform(uint bits) => (bits >> 8) * (1.0 / (1 << 24));

    /// <summary>What 32 random bits make in [0, <paramref name="bound"/>).</summary>
    public static int ToInteger(uint bits, int bound) => (int)((ulong)bits * (uint)bound >> 32);

    /// <summary>The number at <paramref name="index"/> from the standard normal distribution (Box and Muller).</summary>
    public double Normal(ulong index)
    {
        var (x0, x1, x2, x3) = Block(index >> 1);
        var (a, b) = (index & 1) == 0 ? (x0, x1) : (x2, x3);
        return Math.Sqrt(-2 * Math.Log((a + 1.0) / 4294967296.0)) * Math.Cos(2 * Math.PI * (b / 4294967296.0));
    }
}
