namespace Fovea.Tensors;

/// <summary>What is known of a value before it is computed: element type and shape.</summary>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The logical shape.</param>
public readonly record struct TensorType(DType DType, Shape Shape)
{
    /// <summary>The size of the elements in bytes, without any padding that a backend may add; exact, as <see cref="Shape.MaxElements"/> is small.</summary>
    public long Bytes => Shape.Elements * DType.Size;

    /// <summary>A float32 tensor of the given extents.</summary>
    public static TensorType F32(params ReadOnlySpan<int> extents) => new(DType.Float32, new Shape(extents));

    /// <summary>For example <c>f32[1, 3, 224, 224]</c>.</summary>
    public override string ToString() => $"{DType.ShortName}{Shape}";
}
