namespace Fovea.Darknet.Layers;

/// <summary>How a matrix lies in a file of weights.</summary>
public enum MatrixOrder
{
    /// <summary>One output after the other.</summary>
    Rows,

    /// <summary>One input after the other: <c>flipped=1</c>.</summary>
    Columns,

    /// <summary>As the header of the file says.</summary>
    AsHeader,
}
