using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Tensors;

public class ShapeLimitTests
{
    [Fact]
    public void A_shape_whose_number_of_elements_would_wrap_is_refused()
    {
        int[][] all =
            [[65536, 65536, 65536, 65536], [1, 4, 1 << 30, 1 << 30], [int.MaxValue, int.MaxValue], [1 << 20, (1 << 20) + 1], [0, 65536, 65536, 65536]];
        foreach (var extents in all)
            Assert.Contains(
                "is too large; wanted at most 1099511627776 elements", Assert.Throws<ShapeException>(() => new Shape(extents)).Message,
                StringComparison.Ordinal);
        Assert.Equal(
            "[65536, 65536, 65536, 65536] is too large; wanted at most 1099511627776 elements",
            Assert.Throws<ShapeException>(() => new Shape(65536, 65536, 65536, 65536)).Message);
    }

    [Fact]
    public void The_largest_shape_has_exact_elements_bytes_and_strides()
    {
        var shape = new Shape(1 << 20, 1 << 20);
        Assert.Equal((Shape.MaxElements, Shape.MaxElements * 4), (shape.Elements, new TensorType(DType.Float32, shape).Bytes));
        Assert.Equal([1L << 20, 1], shape.RowMajorStrides());
    }

    [Fact]
    public void Extents_of_64_bits_are_not_cut_off()
    {
        Assert.Equal("axis 1 has the extent 4294967297; wanted 0 to 2147483647", Assert.Throws<ShapeException>(() => Shape.Of(1, (1L << 32) + 1)).Message);
        Assert.Equal("axis 0 has the extent -1; wanted 0 to 2147483647", Assert.Throws<ShapeException>(() => Shape.Of(-1)).Message);
        Assert.Equal(new Shape(2, 3), new Shape(2, 5).With(1, 3));
        Assert.Throws<ShapeException>(() => new Shape(2, 5).With(1, 1L << 31));
        Assert.Equal("[2, 5] has no axis 2", Assert.Throws<ShapeException>(() => new Shape(2, 5).With(2, 1)).Message);
        Assert.Equal("[2, 5] has no axis 2", Assert.Throws<ShapeException>(() => new Shape(2, 5).H).Message);
    }

    [Fact]
    public void Memory_that_no_array_holds_is_refused_before_it_is_taken()
    {
        var shape = new Shape(1 << 15, 1 << 15, 4);
        Assert.Contains(
            "one tensor in managed memory holds at most", Assert.Throws<ShapeException>(() => new HostTensor(new TensorType(DType.Float32, shape))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the reference interpreter holds at most", Assert.Throws<ShapeException>(() => new OracleTensor(shape)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Works_add_up_to_the_largest_number_and_not_beyond()
    {
        var sum = new Cost(long.MaxValue, long.MaxValue - 1, 1) + new Cost(1, 2, 3);
        Assert.Equal(new Cost(long.MaxValue, long.MaxValue, 4), sum);
    }
}
