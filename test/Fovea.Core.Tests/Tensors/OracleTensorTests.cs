using Fovea.Tensors;

namespace Fovea.Core.Tests.Tensors;

public class OracleTensorTests
{
    [Theory]
    [InlineData(DType.Float32, new[] { 1.5, -0.1f, 1e30f, 0 })]
    [InlineData(DType.BFloat16, new[] { 1.5, -0.10009765625, 256, 0 })]
    [InlineData(DType.Int32, new double[] { int.MinValue, -1, 0, int.MaxValue })]
    [InlineData(DType.Int8, new double[] { -128, -1, 0, 127 })]
    [InlineData(DType.UInt8, new double[] { 0, 1, 200, 255 })]
    public void What_a_type_holds_comes_back_as_it_was(DType type, double[] elements) =>
        Assert.Equal(elements, OracleTensor.From(new OracleTensor(new Shape(4), elements).To(type)).Elements);

    [Theory]
    [InlineData(DType.Int8, new[] { 300, -300, 0.5, 1.5 }, new double[] { 127, -128, 0, 2 })]
    [InlineData(DType.UInt8, new[] { 300, -1, 2.5, 3.5 }, new double[] { 255, 0, 2, 4 })]
    [InlineData(DType.Int32, new[] { 1e12, -1e12, -0.5, -1.5 }, new double[] { int.MaxValue, int.MinValue, 0, -2 })]
    public void What_an_integer_cannot_hold_is_rounded_to_even_and_clamped(DType type, double[] elements, double[] wanted) =>
        Assert.Equal(wanted, OracleTensor.From(new OracleTensor(new Shape(4), elements).To(type)).Elements);

    [Theory]
    [InlineData(1.00390625f, 1f)] // halfway between 1 and 1 + 2^-7: to the even one
    [InlineData(1.01171875f, 1.015625f)] // halfway between 1 + 2^-7 and 1 + 2^-6: to the even one
    [InlineData(1.00390637f, 1.0078125f)]
    [InlineData(3.4e38f, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(-0f, -0f)]
    public void BFloat16_rounds_to_the_nearest_and_ties_to_even(float x, float rounded) => Assert.Equal(rounded, BFloat16Bits.Round(x));

    [Fact]
    public void A_NaN_whose_upper_half_has_no_payload_stays_one() => Assert.True(float.IsNaN(BFloat16Bits.Round(BitConverter.Int32BitsToSingle(0x7F800001))));

    [Fact]
    public void Elements_that_do_not_fit_the_shape_are_refused()
    {
        Assert.Equal("[2, 3] has 6 elements, not 5", Assert.Throws<ArgumentException>(() => new OracleTensor(new Shape(2, 3), new double[5])).Message);
        Assert.Equal("f32[2, 3] takes 24 bytes, not 5", Assert.Throws<ArgumentException>(() => new HostTensor(TensorType.F32(2, 3), new byte[5])).Message);
    }

    [Fact]
    public void Elements_are_read_in_their_own_type_only() =>
        Assert.Equal(
            "the tensor is f32[1]; its elements cannot be read as s32",
            Assert.Throws<InvalidOperationException>(() => HostTensor.Filled(new Shape(1), 1).Ints.Length).Message);

    [Fact]
    public void Shapes_compare_by_content()
    {
        Assert.Equal(new Shape(2, 3), new Shape(2, 3));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
        Assert.NotEqual(new Shape(2, 3), new Shape(2, 3, 1));
        Assert.NotEqual(new Shape(2, 3), new Shape(3, 2));
        Assert.Equal([12L, 4L, 1L], new Shape(2, 3, 4).RowMajorStrides());
        Assert.Equal("a shape has at most 6 axes, not 7", Assert.Throws<ShapeException>(() => new Shape(1, 1, 1, 1, 1, 1, 1)).Message);
        Assert.Equal("axis 1 has the extent -1; wanted at least 0", Assert.Throws<ShapeException>(() => new Shape(1, -1)).Message);
    }
}
