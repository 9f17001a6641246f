using Fovea.Formats.PyTorch;

namespace Fovea.Formats.Paddle;

/// <summary>numpy.ndarray of a pickle: what its parts say, unchecked until it is wanted as a tensor.</summary>
internal sealed class NumpyArray : PickleInstance
{
    /// <summary>Its extents; those of the empty array that numpy makes first until its state comes.</summary>
    internal object?[] Extents { get; private set; } = [0L];

    internal NumpyType Type { get; private set; } = new("f4");

    /// <summary>Whether the first axis is the one that changes fastest.</summary>
    internal bool IsFortran { get; private set; }

    /// <summary>The elements: byte[], or <see cref="LatinText"/> where protocol 2 has no bytes.</summary>
    internal object Data { get; private set; } = Array.Empty<byte>();

    internal static NumpyArray Of(object?[] extents, NumpyType type, bool isFortran, object data) =>
        new() { Extents = extents, Type = type, IsFortran = isFortran, Data = data };

    /// <summary>Takes numpy's (version, shape, dtype, is_fortran, data), of which the version was missing at first.</summary>
    internal override void SetState(object? state, Func<string, ModelFormatException> fail) =>
        (Extents, Type, IsFortran, Data) = state switch
        {
            object?[] and [long, object?[] extents, NumpyType type, bool isFortran, byte[] or LatinText] and [.., { } data] => (extents, type, isFortran, data),
            object?[] and [object?[] extents, NumpyType type, bool isFortran, byte[] or LatinText] and [.., { } data] => (extents, type, isFortran, data),
            object?[] and [.., string] => throw fail("has an array whose numbers are a text, as Python 2 writes it; wanted one written by Python 3"),
            object?[] and [.., PickleList] => throw fail("has an array of Python objects; wanted one of numbers"),
            _ => throw fail("describes a numpy.ndarray otherwise than numpy does"),
        };
}

/// <summary>Bytes that a pickle of protocol 2 keeps as the characters U+0000 to U+00FF.</summary>
internal sealed record LatinText(string Text);
